-- Where this database is at home; pauses of the mail; mails that went to one address instead of their recipients.

CREATE TABLE installation (
    id {key},
    seq BIGINT NOT NULL,
    identity TEXT NOT NULL,
    home TEXT NOT NULL,
    machine TEXT NOT NULL,
    db TEXT NOT NULL,
    inode TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    at {utc} NOT NULL,
    CONSTRAINT uq_installation UNIQUE (seq)
);

CREATE TABLE mail_switch (
    id {key},
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    effective_at {utc} NOT NULL,
    at {utc} NOT NULL
);

ALTER TABLE recipient ADD COLUMN diverted_to TEXT NOT NULL DEFAULT '';
ALTER TABLE recipient ADD COLUMN eml TEXT REFERENCES blob (sha256);
