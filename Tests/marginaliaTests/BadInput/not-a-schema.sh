$M validate --schema not-a-schema.rng empty.xml
