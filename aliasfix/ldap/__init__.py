"""LDAP's own formats: distinguished names, LDIF records, LDIF changes."""
