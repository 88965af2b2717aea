"""What differs between two machines for those who call, whatever their text looked like."""
