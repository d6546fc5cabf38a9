-- The highest number of a register's series without reading the whole register.

CREATE INDEX ix_register_series ON register_entry (register, length(official_no), official_no);
