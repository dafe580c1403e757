//! The builder here, fed with what the SDKs were fed with.

use lazuli_signing::sas::marker::{BlobResource, Resource};
use lazuli_signing::{
    AccountSas, Agent, Error, IpRange, Permissions, ResourceSas, Sas, SasKey, SasProtocol, SasToken,
};
use time::OffsetDateTime;

use crate::vector::{Input, time};

impl Input {
    pub(crate) fn make(&self) -> Result<SasToken, Error> {
        match (&self.container, &self.blob, &self.share, &self.path) {
            (Some(container), Some(blob), ..) => {
                if let Some(snapshot) = &self.snapshot {
                    self.make_blob(Sas::snapshot(container, blob, snapshot))
                } else if let Some(version) = &self.version_id {
                    self.make_blob(Sas::version(container, blob, version))
                } else if self.is_directory {
                    self.make_blob(Sas::directory(container, blob))
                } else {
                    self.make_blob(Sas::blob(container, blob))
                }
            }
            (Some(container), None, ..) => self.make_blob(Sas::container(container)),
            (None, _, Some(share), Some(path)) => self.make_resource(Sas::file(share, path)),
            (None, _, Some(share), None) => self.make_resource(Sas::share(share)),
            _ => self.make_account(),
        }
    }

    fn make_blob<'a, R: BlobResource>(&'a self, sas: ResourceSas<'a, R>) -> Result<SasToken, Error> {
        let mut sas = sas;
        if !self.encryption_scope.is_empty() {
            sas = sas.encryption_scope(&self.encryption_scope);
        }
        let agent = self.preauthorized_agent_object_id.as_ref().map(Agent::authorized);
        let agent = agent.or(self.agent_object_id.as_ref().map(Agent::unauthorized));
        let delegated = agent.is_some() || !self.request_headers.is_empty();
        if !delegated {
            return self.make_resource(sas);
        }
        // A term that changes nothing, to get to the state in which all of these can be given.
        let mut sas = self
            .terms(sas)
            .correlation_id(self.correlation_id.as_deref().unwrap_or_default());
        if let Some(agent) = agent {
            sas = sas.agent(agent);
        }
        if let Some(user) = &self.delegated_user_object_id {
            sas = sas.delegated_user(user);
        }
        for name in &self.header_names {
            sas = sas.request_header(name, &self.request_headers[name]);
        }
        for (name, value) in &self.request_query_params {
            sas = sas.request_query(name, value);
        }
        sas.permissions(self.permissions())
            .expires(self.expiry())
            .sign(&self.delegation_key().unwrap())
    }

    fn make_resource<'a, R: Resource>(&'a self, sas: ResourceSas<'a, R>) -> Result<SasToken, Error> {
        let sas = self.terms(sas);
        if let Some(user) = &self.delegated_user_object_id {
            let sas = sas.delegated_user(user).permissions(self.permissions());
            return sas.expires(self.expiry()).sign(&self.delegation_key().unwrap());
        }
        if let Some(id) = &self.identifier {
            let sas = sas.policy(id);
            return if self.permissions.is_none() {
                sas.sign(&self.shared_key())
            } else {
                let sas = sas.permissions(self.permissions()).expires(self.expiry());
                sas.sign(&self.shared_key())
            };
        }
        let key: Box<dyn SasKey> = match self.delegation_key() {
            Some(key) => Box::new(key),
            None => Box::new(self.shared_key()),
        };
        sas.permissions(self.permissions())
            .expires(self.expiry())
            .sign(&*key)
    }

    fn terms<'a, R>(&'a self, sas: ResourceSas<'a, R>) -> ResourceSas<'a, R> {
        let mut sas = sas.version(self.version.parse().unwrap());
        if let Some(start) = &self.start {
            sas = sas.starts(time(start));
        }
        if let Some(ip) = &self.ip {
            sas = sas.ip(ip.parse::<IpRange>().unwrap());
        }
        if let Some(protocol) = self.protocol() {
            sas = sas.protocol(protocol);
        }
        sas.cache_control(&self.cache_control)
            .content_disposition(&self.content_disposition)
            .content_encoding(&self.content_encoding)
            .content_language(&self.content_language)
            .content_type(&self.content_type)
    }

    fn make_account(&self) -> Result<SasToken, Error> {
        let each = |sas: AccountSas<'static>| sas.version(self.version.parse().unwrap());
        let mut sas = each(Sas::account())
            .encryption_scope(self.encryption_scope.clone())
            .permissions(self.permissions())
            .expires(self.expiry());
        if let Some(start) = &self.start {
            sas = sas.starts(time(start));
        }
        if let Some(ip) = &self.ip {
            sas = sas.ip(ip.parse::<IpRange>().unwrap());
        }
        if let Some(protocol) = self.protocol() {
            sas = sas.protocol(protocol);
        }
        let key = &self.shared_key();
        match (&*self.services, &*self.resource_types) {
            ("b", "sco") => sas.blob().service().container().object().sign(key),
            ("b", "c") => sas.blob().container().sign(key),
            ("f", "sco") => sas.file().service().container().object().sign(key),
            ("f", "so") => sas.file().object().service().sign(key),
            ("bqf", "o") => sas.file().queue().blob().object().sign(key),
            ("btqf", "sco") => sas
                .blob()
                .queue()
                .table()
                .file()
                .service()
                .container()
                .object()
                .sign(key),
            other => panic!("{other:?}"),
        }
    }

    fn permissions(&self) -> Permissions {
        self.permissions.as_ref().unwrap().parse().unwrap()
    }

    fn expiry(&self) -> OffsetDateTime {
        time(self.expiry.as_ref().unwrap())
    }

    fn protocol(&self) -> Option<SasProtocol> {
        self.protocol.as_ref().map(|protocol| match protocol.as_str() {
            "https" => SasProtocol::Https,
            "https,http" => SasProtocol::HttpsOrHttp,
            other => panic!("{other}"),
        })
    }
}
