-- The tables a service keeps tokens in. `sql` measures them.
--
-- A row of activity holds V, the 16 bytes by which tokens group; C, which only the owner can read and which is as long
-- as the padded value, is kept once for each V. (field, epoch, V) names a token: V alone would do, since a V that two
-- fields or epochs share does not occur, but who groups must not add up what a forged record brought together. §14
-- and §16.3
--
-- PostgreSQL: `v` and the fields of activity are uuid, which holds 16 bytes in place. SQLite: BLOB.

CREATE TABLE token (
    v BLOB NOT NULL,
    field INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    c BLOB NOT NULL,
    PRIMARY KEY (v, field, epoch)
);

CREATE TABLE activity (
    agent INTEGER NOT NULL,
    start INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    application BLOB NOT NULL,
    title BLOB NOT NULL
);

-- A total by title, the longest first, as text for the owner's `endkey scan` needs C only of what is shown:
--
-- SELECT token.v, token.c, total.sum FROM
--     (SELECT epoch, title, SUM(duration) AS sum FROM activity GROUP BY epoch, title ORDER BY sum DESC LIMIT 100)
--     AS total JOIN token ON token.v = total.title AND token.field = 3 AND token.epoch = total.epoch
--     ORDER BY total.sum DESC;
