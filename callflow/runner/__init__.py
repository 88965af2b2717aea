"""One session kept going in any kind of time, its journal, and the port that every driver offers."""
