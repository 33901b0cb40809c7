"""Speech recognisers behind `engines.protocols.Recogniser`."""
