//! What must hold of a failover, one property a file.
