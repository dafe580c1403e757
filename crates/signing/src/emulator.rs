//! The development account that every emulator of the storage services has, and its key, which is public knowledge.

/// The name of the well-known development account.
pub const EMULATOR_ACCOUNT: &str = "devstoreaccount1";

/// The key of the well-known development account, in base64. It protects nothing: everybody knows it.
pub const EMULATOR_KEY: &str =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
