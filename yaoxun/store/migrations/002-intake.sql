-- Staff may say where an arrival belongs, and an arrival may be looked at again: its versions of one obligation are told
-- apart by the look that made them.

ALTER TABLE placement ADD COLUMN assignment BIGINT NOT NULL DEFAULT 0;
ALTER TABLE placement ADD COLUMN late BOOLEAN NOT NULL DEFAULT FALSE;

{postgresql} ALTER TABLE sheet_version ADD COLUMN look BIGINT NOT NULL DEFAULT 1;
{postgresql} ALTER TABLE sheet_version DROP CONSTRAINT uq_sheet_version_arrival;
{postgresql} ALTER TABLE sheet_version ADD CONSTRAINT uq_sheet_version_look UNIQUE (arrival, obligation, look);

-- SQLite drops a constraint only with its table. The rows that point to it are checked at commit, when all are back.
{sqlite} PRAGMA defer_foreign_keys = ON;
{sqlite} CREATE TEMPORARY TABLE kept_version AS SELECT * FROM sheet_version;
{sqlite} DROP TABLE sheet_version;
{sqlite} CREATE TABLE sheet_version (
    id {key},
    obligation {id} NOT NULL,
    n BIGINT NOT NULL,
    arrival {id} NOT NULL,
    look BIGINT NOT NULL,
    declared TEXT NOT NULL,
    cover TEXT NOT NULL,
    based_on TEXT NOT NULL,
    sheet TEXT NOT NULL,
    content_sha TEXT NOT NULL,
    config_snapshot TEXT NOT NULL,
    received_at {utc} NOT NULL,
    at {utc} NOT NULL,
    CONSTRAINT uq_sheet_version_n UNIQUE (obligation, n),
    CONSTRAINT uq_sheet_version_look UNIQUE (arrival, obligation, look),
    FOREIGN KEY(obligation) REFERENCES obligation (id),
    FOREIGN KEY(arrival) REFERENCES arrival (id),
    FOREIGN KEY(config_snapshot) REFERENCES config_snapshot (sha)
);
{sqlite} INSERT INTO sheet_version
    SELECT id, obligation, n, arrival, 1, declared, cover, based_on, sheet, content_sha, config_snapshot, received_at, at
    FROM kept_version ORDER BY id;
{sqlite} DROP TABLE kept_version;
