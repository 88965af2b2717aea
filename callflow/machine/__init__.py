"""The waist between the compiler and everything that runs: the machine and its written forms."""
