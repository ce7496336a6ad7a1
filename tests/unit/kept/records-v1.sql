-- Attestations and exceptions as version 1 wrote them.
BEGIN TRANSACTION;
CREATE TABLE attestations ( row TEXT NOT NULL COLLATE NOCASE, subject TEXT NOT NULL COLLATE NOCASE, pass INTEGER NOT NULL, note TEXT NOT NULL, name TEXT NOT NULL, at_s INTEGER NOT NULL, until_s INTEGER NOT NULL, PRIMARY KEY (row, subject));
INSERT INTO "attestations" VALUES('HSM-17','/subscriptions/11111111-0000-0000-0000-000000000001',1,'reviewed','Contoso Vault Operations',1796058855,1827594855);
CREATE TABLE exceptions ( row TEXT NOT NULL COLLATE NOCASE, scope TEXT NOT NULL COLLATE NOCASE, reason TEXT NOT NULL, owner TEXT NOT NULL, at_s INTEGER NOT NULL, until_s INTEGER NOT NULL, PRIMARY KEY (row, scope));
INSERT INTO "exceptions" VALUES('PRO-2','/','moves in spring','Contoso Payments',1796058855,4073587199);
COMMIT;
PRAGMA user_version = 1;
