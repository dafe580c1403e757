//! Every scenario on the simulation: in this process, and over a socket.

use lazuli_tests::{Kind, each_scenario, run};

macro_rules! tests {
    ($($topic:ident { $($name:ident)* })*) => {
        mod in_process {
            $(mod $topic {
                $(#[test]
                fn $name() {
                    crate::run(crate::Kind::InProcess, stringify!($topic), stringify!($name));
                })*
            })*
        }
        mod over_a_socket {
            $(mod $topic {
                $(#[test]
                fn $name() {
                    crate::run(crate::Kind::OverSocket, stringify!($topic), stringify!($name));
                })*
            })*
        }
    };
}

each_scenario!(tests);
