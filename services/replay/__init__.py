"""Session scripts: whole calls written down, walked through the same services as a technician's."""
