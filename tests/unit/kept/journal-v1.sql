-- The journal's file as version 1 of its form wrote it.
BEGIN TRANSACTION;
CREATE TABLE head ( one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL, hash TEXT NOT NULL);
INSERT INTO "head" VALUES(1,2,'6d9a364d3d7306f69c02df4a8b457b84ca0d44d4701e932b7c8e38772ba43acd');
CREATE TABLE records ( number INTEGER PRIMARY KEY, time_s INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('intent', 'outcome', 'note')), of INTEGER NOT NULL, body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL);
INSERT INTO "records" VALUES(1,1796058855,'note',0,'{"who":"Contoso Payments","action":"except PRO-2 on /","reason":"moves in spring"}','0000000000000000000000000000000000000000000000000000000000000000','bd268d6b4f1e329d24de58312b0747c0358259bc341ccaec0dd52722eb2fbcde');
INSERT INTO "records" VALUES(2,1796058855,'note',0,'{"who":"Contoso Vault Operations","action":"attest pass: HSM-17 on /subscriptions/11111111-0000-0000-0000-000000000001","reason":"reviewed"}','bd268d6b4f1e329d24de58312b0747c0358259bc341ccaec0dd52722eb2fbcde','6d9a364d3d7306f69c02df4a8b457b84ca0d44d4701e932b7c8e38772ba43acd');
CREATE TRIGGER records_grow BEFORE INSERT ON records WHEN NEW.number <> (SELECT number + 1 FROM head) BEGIN SELECT RAISE(ABORT, 'records are only appended'); END;
CREATE TRIGGER records_stay BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'records are never changed'); END;
CREATE TRIGGER records_last BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;
CREATE TRIGGER head_grows BEFORE UPDATE ON head WHEN NEW.number <> OLD.number + 1 BEGIN SELECT RAISE(ABORT, 'records are only appended'); END;
CREATE TRIGGER head_stays BEFORE DELETE ON head BEGIN SELECT RAISE(ABORT, 'the head is never deleted'); END;
COMMIT;
PRAGMA user_version = 1;
