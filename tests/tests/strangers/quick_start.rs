//! The tour of the README: a tree goes to the local account of a folder and comes back, with nothing set up.

use std::fs;

use lazuli_tests::process::{finish, lazuli, run};
use lazuli_tests::{tools, tree};

use crate::{folder, json};

#[test]
#[ignore = "needs the tools: cargo xtask test"]
fn the_tour_of_the_readme() {
    let folder = folder();
    let (docs, back) = (folder.path().join("docs"), folder.path().join("back"));
    for (name, _) in tree::files(&tools::book()) {
        tree::write(&docs, &name, &fs::read(tools::book().join(&name)).unwrap());
    }
    let files = tree::names(&docs);
    let here = |words: &[&str]| lazuli(folder.path(), words);
    let text = |words: &[&str]| String::from_utf8(run(&mut here(words)).stdout).unwrap();

    let copy = ["cp", "--recursive", "docs", "az://quickstart/docs"];
    let output = run(&mut here(&copy));
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains(&format!("{} files", files.len())), "{said}");
    assert!(folder.path().join(".lazuli").is_dir());

    let listed = text(&["ls", "az://quickstart/docs"]);
    assert_eq!(
        listed.lines().collect::<Vec<_>>(),
        [
            "book.toml",
            "coverage.tsv",
            "decisions/",
            "requirements.md",
            "src/"
        ]
    );
    let all = text(&["ls", "--recursive", "az://quickstart/docs"]);
    assert_eq!(all.lines().collect::<Vec<_>>(), files);
    assert_eq!(text(&["ls"]).trim_end(), "quickstart");

    let page = "az://quickstart/docs/src/introduction.md";
    let written = fs::read_to_string(docs.join("src/introduction.md")).unwrap();
    assert_eq!(text(&["cat", page]), written);
    let stat = json(&run(&mut here(&["stat", page, "--output", "json"])));
    assert_eq!(stat["bytes"], written.len());
    assert_eq!(stat["content_type"], "text/markdown; charset=utf-8");

    run(&mut here(&[
        "cp",
        "--recursive",
        "az://quickstart/docs",
        "./back",
    ]));
    tree::assert_same(&docs, &back);

    run(&mut here(&["rm", "--recursive", "az://quickstart/docs"]));
    assert_eq!(text(&["ls", "--recursive", "az://quickstart"]), "");
    let gone = finish(&mut here(&["cat", page]));
    assert_eq!(gone.status.code(), Some(3));
    let said = String::from_utf8(gone.stderr).unwrap();
    assert!(said.contains("introduction.md"), "{said}");
}
