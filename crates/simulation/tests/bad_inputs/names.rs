//! What things are called.

use super::{Case, case, put};

pub(super) fn cases() -> Vec<Case> {
    const INVALID: &str = "InvalidResourceName";
    const RANGE: &str = "OutOfRangeInput";
    vec![
        case(
            "container in capitals",
            |rig| rig.put("/Box?restype=container", ""),
            400,
            INVALID,
            &[],
        ),
        case(
            "container with an underscore",
            |rig| rig.put("/my_box?restype=container", ""),
            400,
            INVALID,
            &[],
        ),
        case(
            "container with two hyphens",
            |rig| rig.put("/my--box?restype=container", ""),
            400,
            INVALID,
            &[],
        ),
        case(
            "container that ends in a hyphen",
            |rig| rig.put("/box-?restype=container", ""),
            400,
            INVALID,
            &[],
        ),
        case(
            "container with other letters",
            |rig| rig.put("/b%C3%B6x?restype=container", ""),
            400,
            INVALID,
            &[],
        ),
        case(
            "container of the service that is none",
            |rig| rig.put("/$box?restype=container", ""),
            400,
            INVALID,
            &[],
        ),
        case(
            "container of two letters",
            |rig| rig.put("/bo?restype=container", ""),
            400,
            RANGE,
            &[],
        ),
        case(
            "container of 64 letters",
            |rig| rig.put(&format!("/{}?restype=container", "b".repeat(64)), ""),
            400,
            RANGE,
            &[],
        ),
        case(
            "blob of 1,025 characters",
            |rig| put(rig, &format!("/box/{}", "b".repeat(1025))),
            400,
            RANGE,
            &[],
        ),
        case(
            "blob of 255 segments",
            |rig| put(rig, &format!("/box/{}b", "b/".repeat(254))),
            400,
            RANGE,
            &[],
        ),
        case("blob with a NUL", |rig| put(rig, "/box/a%00b"), 400, INVALID, &[]),
        case(
            "container that is not there",
            |rig| put(rig, "/nowhere/blob"),
            404,
            "ContainerNotFound",
            &[],
        ),
        case(
            "blob that is not there",
            |rig| rig.get("/box/nothing"),
            404,
            "BlobNotFound",
            &[],
        ),
        case(
            "container that is there",
            |rig| rig.put("/box?restype=container", ""),
            409,
            "ContainerAlreadyExists",
            &[],
        ),
    ]
}
