-- The schema of the first version: every table of the data model that the spine needs.

CREATE TABLE blob (
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    kind TEXT NOT NULL,
    made_at {utc} NOT NULL,
    PRIMARY KEY (sha256)
);

CREATE TABLE config_snapshot (
    sha TEXT NOT NULL,
    content TEXT NOT NULL,
    made_at {utc} NOT NULL,
    PRIMARY KEY (sha)
);

CREATE TABLE event (
    id {key},
    actor TEXT NOT NULL,
    at {utc} NOT NULL,
    verb TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload TEXT NOT NULL
);
CREATE INDEX ix_event_subject ON event (subject);

CREATE TABLE run (
    id {key},
    kind TEXT NOT NULL,
    period TEXT NOT NULL,
    occasion TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    scheduled_for {utc},
    started_at {utc} NOT NULL,
    lease_until {utc},
    outcome TEXT NOT NULL,
    finished_at {utc},
    CONSTRAINT uq_run UNIQUE (kind, period, occasion)
);

CREATE TABLE person (
    id {key},
    login TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    org TEXT NOT NULL,
    title TEXT NOT NULL,
    roles TEXT NOT NULL,
    actor TEXT NOT NULL,
    at {utc} NOT NULL,
    CONSTRAINT uq_person UNIQUE (login, valid_from)
);

CREATE TABLE contact (
    id {key},
    org TEXT NOT NULL,
    kind TEXT NOT NULL,
    address TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    actor TEXT NOT NULL,
    at {utc} NOT NULL,
    CONSTRAINT uq_contact UNIQUE (org, kind, address, valid_from)
);

CREATE TABLE obligation (
    id {key},
    org TEXT NOT NULL,
    table_id TEXT NOT NULL,
    period TEXT NOT NULL,
    row_scope TEXT NOT NULL,
    required BOOLEAN NOT NULL,
    opens {utc},
    due {utc},
    locks {utc},
    made_at {utc} NOT NULL,
    CONSTRAINT uq_obligation UNIQUE (org, table_id, period, row_scope)
);

CREATE TABLE template_issue (
    id {key},
    org TEXT NOT NULL,
    bundle TEXT NOT NULL,
    n BIGINT NOT NULL,
    config_snapshot TEXT NOT NULL,
    blob TEXT NOT NULL,
    path TEXT NOT NULL,
    actor TEXT NOT NULL,
    at {utc} NOT NULL,
    CONSTRAINT uq_template_issue UNIQUE (org, bundle, n),
    FOREIGN KEY(config_snapshot) REFERENCES config_snapshot (sha),
    FOREIGN KEY(blob) REFERENCES blob (sha256)
);

CREATE TABLE arrival (
    id {key},
    channel TEXT NOT NULL,
    channel_key TEXT NOT NULL,
    name TEXT NOT NULL,
    blob TEXT NOT NULL,
    sender TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    duplicate_of {id},
    received_at {utc} NOT NULL,
    lease_until {utc},
    lease_token TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT uq_arrival UNIQUE (channel, channel_key),
    FOREIGN KEY(blob) REFERENCES blob (sha256),
    FOREIGN KEY(duplicate_of) REFERENCES arrival (id)
);
CREATE INDEX ix_arrival_blob ON arrival (blob);
CREATE INDEX ix_arrival_state ON arrival (state);

CREATE TABLE placement (
    id {key},
    arrival {id} NOT NULL,
    seq BIGINT NOT NULL,
    org TEXT NOT NULL,
    table_id TEXT NOT NULL,
    period TEXT NOT NULL,
    sheet TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    at {utc} NOT NULL,
    CONSTRAINT uq_placement UNIQUE (arrival, seq),
    FOREIGN KEY(arrival) REFERENCES arrival (id)
);

CREATE TABLE judgement (
    id {key},
    arrival {id} NOT NULL,
    seq BIGINT NOT NULL,
    config_snapshot TEXT NOT NULL,
    outcome TEXT NOT NULL,
    actor TEXT NOT NULL,
    at {utc} NOT NULL,
    CONSTRAINT uq_judgement UNIQUE (arrival, seq),
    FOREIGN KEY(arrival) REFERENCES arrival (id),
    FOREIGN KEY(config_snapshot) REFERENCES config_snapshot (sha)
);

CREATE TABLE sheet_version (
    id {key},
    obligation {id} NOT NULL,
    n BIGINT NOT NULL,
    arrival {id} NOT NULL,
    declared TEXT NOT NULL,
    cover TEXT NOT NULL,
    based_on TEXT NOT NULL,
    sheet TEXT NOT NULL,
    content_sha TEXT NOT NULL,
    config_snapshot TEXT NOT NULL,
    received_at {utc} NOT NULL,
    at {utc} NOT NULL,
    CONSTRAINT uq_sheet_version_n UNIQUE (obligation, n),
    CONSTRAINT uq_sheet_version_arrival UNIQUE (arrival, obligation),
    FOREIGN KEY(obligation) REFERENCES obligation (id),
    FOREIGN KEY(arrival) REFERENCES arrival (id),
    FOREIGN KEY(config_snapshot) REFERENCES config_snapshot (sha)
);

CREATE TABLE decision (
    id {key},
    sheet_version {id} NOT NULL,
    seq BIGINT NOT NULL,
    judgement {id},
    decision TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    at {utc} NOT NULL,
    CONSTRAINT uq_decision UNIQUE (sheet_version, seq),
    FOREIGN KEY(sheet_version) REFERENCES sheet_version (id),
    FOREIGN KEY(judgement) REFERENCES judgement (id)
);

CREATE TABLE finding (
    id {key},
    judgement {id} NOT NULL,
    table_id TEXT NOT NULL,
    rule TEXT NOT NULL,
    row_uid TEXT NOT NULL,
    column_name TEXT NOT NULL,
    level TEXT NOT NULL,
    sheet TEXT NOT NULL,
    cell TEXT NOT NULL,
    found TEXT NOT NULL,
    message TEXT NOT NULL,
    explained BOOLEAN NOT NULL,
    CONSTRAINT uq_finding UNIQUE (judgement, table_id, rule, row_uid, column_name),
    FOREIGN KEY(judgement) REFERENCES judgement (id)
);

CREATE TABLE explanation (
    id {key},
    obligation {id} NOT NULL,
    rule TEXT NOT NULL,
    row_uid TEXT NOT NULL,
    column_name TEXT NOT NULL,
    seq BIGINT NOT NULL,
    text TEXT NOT NULL,
    sheet_version {id} NOT NULL,
    at {utc} NOT NULL,
    CONSTRAINT uq_explanation UNIQUE (obligation, rule, row_uid, column_name, seq),
    FOREIGN KEY(obligation) REFERENCES obligation (id),
    FOREIGN KEY(sheet_version) REFERENCES sheet_version (id)
);

CREATE TABLE register_entry (
    uid TEXT NOT NULL,
    register TEXT NOT NULL,
    official_no TEXT NOT NULL,
    PRIMARY KEY (uid)
);
CREATE UNIQUE INDEX uq_register_official_no ON register_entry (register, official_no) WHERE official_no <> '';

CREATE TABLE same_entry (
    id {key},
    entry TEXT NOT NULL,
    of_entry TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    at {utc} NOT NULL,
    CONSTRAINT uq_same_entry UNIQUE (entry),
    FOREIGN KEY(entry) REFERENCES register_entry (uid),
    FOREIGN KEY(of_entry) REFERENCES register_entry (uid)
);

CREATE TABLE sheet_row (
    id {key},
    sheet_version {id} NOT NULL,
    row_uid TEXT NOT NULL,
    entry TEXT,
    row_number BIGINT NOT NULL,
    cells TEXT NOT NULL,
    CONSTRAINT uq_sheet_row UNIQUE (sheet_version, row_uid),
    FOREIGN KEY(sheet_version) REFERENCES sheet_version (id),
    FOREIGN KEY(entry) REFERENCES register_entry (uid)
);

CREATE TABLE fact (
    id {key},
    sheet_version {id} NOT NULL,
    row_uid TEXT NOT NULL,
    column_name TEXT NOT NULL,
    org TEXT NOT NULL,
    period TEXT NOT NULL,
    indicator TEXT NOT NULL,
    value BIGINT NOT NULL,
    scale BIGINT NOT NULL,
    unit TEXT NOT NULL,
    cell TEXT NOT NULL,
    CONSTRAINT uq_fact UNIQUE (sheet_version, row_uid, column_name),
    FOREIGN KEY(sheet_version) REFERENCES sheet_version (id)
);
CREATE INDEX ix_fact_figure ON fact (period, org, indicator, value);

CREATE TABLE cut (
    id {key},
    period TEXT NOT NULL,
    known_at {utc} NOT NULL,
    config_snapshot TEXT NOT NULL,
    CONSTRAINT uq_cut UNIQUE (period, known_at, config_snapshot),
    FOREIGN KEY(config_snapshot) REFERENCES config_snapshot (sha)
);

CREATE TABLE cut_version (
    id {key},
    cut {id} NOT NULL,
    sheet_version {id} NOT NULL,
    CONSTRAINT uq_cut_version UNIQUE (cut, sheet_version),
    FOREIGN KEY(cut) REFERENCES cut (id),
    FOREIGN KEY(sheet_version) REFERENCES sheet_version (id)
);

CREATE TABLE figure_value (
    id {key},
    cut {id} NOT NULL,
    figure TEXT NOT NULL,
    dims TEXT NOT NULL,
    value BIGINT,
    scale BIGINT,
    unit TEXT NOT NULL,
    words TEXT NOT NULL,
    coverage TEXT NOT NULL,
    CONSTRAINT uq_figure_value UNIQUE (cut, figure, dims),
    FOREIGN KEY(cut) REFERENCES cut (id)
);

CREATE TABLE figure_source (
    id {key},
    figure_value {id} NOT NULL,
    fact {id},
    sheet_row {id},
    column_name TEXT NOT NULL,
    list_entry TEXT NOT NULL,
    CONSTRAINT ck_figure_source_something CHECK ((fact IS NOT NULL) OR (sheet_row IS NOT NULL) OR list_entry <> ''),
    FOREIGN KEY(figure_value) REFERENCES figure_value (id),
    FOREIGN KEY(fact) REFERENCES fact (id),
    FOREIGN KEY(sheet_row) REFERENCES sheet_row (id)
);
CREATE INDEX ix_figure_source_value ON figure_source (figure_value);

CREATE TABLE document (
    id {key},
    kind TEXT NOT NULL,
    issuer TEXT NOT NULL,
    period TEXT NOT NULL,
    occasion TEXT NOT NULL,
    corrects {id},
    actor TEXT NOT NULL,
    at {utc} NOT NULL,
    CONSTRAINT uq_document UNIQUE (kind, issuer, period, occasion),
    FOREIGN KEY(corrects) REFERENCES document (id)
);

CREATE TABLE document_version (
    id {key},
    document {id} NOT NULL,
    n BIGINT NOT NULL,
    title TEXT NOT NULL,
    cut {id},
    content_sha TEXT NOT NULL,
    blob TEXT NOT NULL,
    frozen_blob TEXT,
    origin TEXT NOT NULL,
    actor TEXT NOT NULL,
    at {utc} NOT NULL,
    CONSTRAINT uq_document_version UNIQUE (document, n),
    FOREIGN KEY(document) REFERENCES document (id),
    FOREIGN KEY(cut) REFERENCES cut (id),
    FOREIGN KEY(blob) REFERENCES blob (sha256),
    FOREIGN KEY(frozen_blob) REFERENCES blob (sha256)
);

CREATE TABLE document_step (
    id {key},
    document_version {id} NOT NULL,
    seq BIGINT NOT NULL,
    step TEXT NOT NULL,
    remark TEXT NOT NULL,
    content_sha TEXT NOT NULL,
    actor TEXT NOT NULL,
    at {utc} NOT NULL,
    CONSTRAINT uq_document_step UNIQUE (document_version, seq),
    FOREIGN KEY(document_version) REFERENCES document_version (id)
);
CREATE UNIQUE INDEX uq_document_step_signed ON document_step (document_version) WHERE step = '签发';

CREATE TABLE numeral (
    id {key},
    document_version {id} NOT NULL,
    seq BIGINT NOT NULL,
    text TEXT NOT NULL,
    origin TEXT NOT NULL,
    figure_value {id},
    bookmark TEXT NOT NULL,
    CONSTRAINT uq_numeral UNIQUE (document_version, seq),
    FOREIGN KEY(document_version) REFERENCES document_version (id),
    FOREIGN KEY(figure_value) REFERENCES figure_value (id)
);

CREATE TABLE series (
    id {key},
    series TEXT NOT NULL,
    year BIGINT NOT NULL,
    first_n BIGINT NOT NULL,
    CONSTRAINT uq_series UNIQUE (series, year)
);

CREATE TABLE issue_number (
    id {key},
    series TEXT NOT NULL,
    year BIGINT NOT NULL,
    n BIGINT NOT NULL,
    document {id} NOT NULL,
    state TEXT NOT NULL,
    at {utc} NOT NULL,
    FOREIGN KEY(document) REFERENCES document (id)
);
CREATE UNIQUE INDEX uq_issue_number_document ON issue_number (document) WHERE state = '在用';
CREATE UNIQUE INDEX uq_issue_number_live ON issue_number (series, year, n) WHERE state = '在用';

CREATE TABLE message (
    id {key},
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    version BIGINT NOT NULL,
    message_id TEXT NOT NULL,
    params TEXT NOT NULL,
    eml TEXT,
    not_before {utc} NOT NULL,
    frozen_at {utc},
    at {utc} NOT NULL,
    CONSTRAINT uq_message UNIQUE (kind, subject, version),
    CONSTRAINT uq_message_id UNIQUE (message_id),
    FOREIGN KEY(eml) REFERENCES blob (sha256)
);

CREATE TABLE recipient (
    id {key},
    message {id} NOT NULL,
    address TEXT NOT NULL,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    lease_until {utc},
    lease_token TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    retry_at {utc},
    CONSTRAINT uq_recipient UNIQUE (message, address),
    FOREIGN KEY(message) REFERENCES message (id)
);
CREATE INDEX ix_recipient_state ON recipient (state);

CREATE TABLE recipient_event (
    id {key},
    recipient {id} NOT NULL,
    seq BIGINT NOT NULL,
    what TEXT NOT NULL,
    raw TEXT NOT NULL,
    at {utc} NOT NULL,
    CONSTRAINT uq_recipient_event UNIQUE (recipient, seq),
    FOREIGN KEY(recipient) REFERENCES recipient (id)
);

CREATE TABLE reminder (
    id {key},
    obligation {id} NOT NULL,
    step TEXT NOT NULL,
    due_at {utc} NOT NULL,
    message {id},
    stopped_why TEXT NOT NULL,
    CONSTRAINT uq_reminder UNIQUE (obligation, step),
    FOREIGN KEY(obligation) REFERENCES obligation (id),
    FOREIGN KEY(message) REFERENCES message (id)
);
