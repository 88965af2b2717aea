"""Independent telephones for tests: a SIP stack other than the engine's, in processes of their own."""
