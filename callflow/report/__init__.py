"""Problems written for people and for programs."""
