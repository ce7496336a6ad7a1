-- A last estate of two answers, as version 1 wrote it.
BEGIN TRANSACTION;
CREATE TABLE answers ( rowid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind INTEGER NOT NULL, subject TEXT NOT NULL, code INTEGER NOT NULL, read_at_s INTEGER NOT NULL, body BLOB NOT NULL);
INSERT INTO "answers" VALUES(1,'first',1,'',200,1000,X'31');
INSERT INTO "answers" VALUES(2,'second',2,'/subscriptions/s',403,1001,X'7B7D');
CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO "notes" VALUES('tenant','t-1');
COMMIT;
PRAGMA user_version = 1;
