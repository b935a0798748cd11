"""The service catalogue: what people may ask for, as data.

`reading` turns a TOML file into a `ServiceDefinition`; `validator.check` is the one judge of every
definition, by whatever door it comes.
"""
