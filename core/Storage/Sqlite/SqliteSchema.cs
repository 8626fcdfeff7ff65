namespace OrleansCache.Core.Storage.Sqlite;

/// <summary>The schema, as steps from one version to the next. A step that was released is never changed.</summary>
internal static class SqliteSchema
{
    /// <summary>
    /// Version 1. A rowid table: with large rows a WITHOUT ROWID tree has few keys to a page and every look-up reads more of them.
    /// Body and request come last, so that a read of the columns before them touches no overflow page. Triggers keep tags and
    /// totals, so that no way of changing rows can forget them.
    /// </summary>
    private const string Version1 = """
        CREATE TABLE completions (
          id                INTEGER PRIMARY KEY,
          key               BLOB NOT NULL,
          scope             TEXT NOT NULL,
          model             TEXT NOT NULL,
          endpoint          INTEGER NOT NULL,
          created_at        INTEGER NOT NULL,
          fresh_until       INTEGER NOT NULL,
          keep_until        INTEGER NOT NULL,
          prompt_tokens     INTEGER NOT NULL,
          completion_tokens INTEGER NOT NULL,
          upstream_ms       INTEGER NOT NULL,
          size              INTEGER NOT NULL,
          tags              TEXT,
          body              BLOB NOT NULL,
          request           BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX completions_key ON completions (key);
        CREATE INDEX completions_recent ON completions (scope, endpoint, created_at);
        CREATE INDEX completions_model ON completions (model);
        CREATE INDEX completions_keep_until ON completions (keep_until);

        CREATE TABLE completion_tags (
          tag TEXT NOT NULL,
          id  INTEGER NOT NULL,
          PRIMARY KEY (tag, id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE totals (
          scope   TEXT NOT NULL,
          model   TEXT NOT NULL,
          entries INTEGER NOT NULL,
          bytes   INTEGER NOT NULL,
          PRIMARY KEY (scope, model)
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER completions_inserted AFTER INSERT ON completions BEGIN
          INSERT INTO totals VALUES (new.scope, new.model, 1, new.size)
            ON CONFLICT (scope, model) DO UPDATE SET entries = entries + 1, bytes = bytes + excluded.bytes;
        END;
        CREATE TRIGGER completions_deleted AFTER DELETE ON completions BEGIN
          UPDATE totals SET entries = entries - 1, bytes = bytes - old.size WHERE scope = old.scope AND model = old.model;
          DELETE FROM totals WHERE scope = old.scope AND model = old.model AND entries = 0;
        END;
        CREATE TRIGGER completions_resized AFTER UPDATE ON completions
        WHEN old.size <> new.size AND old.scope = new.scope AND old.model = new.model BEGIN
          UPDATE totals SET bytes = bytes - old.size + new.size WHERE scope = old.scope AND model = old.model;
        END;
        CREATE TRIGGER completions_moved AFTER UPDATE ON completions
        WHEN old.scope <> new.scope OR old.model <> new.model BEGIN
          UPDATE totals SET entries = entries - 1, bytes = bytes - old.size WHERE scope = old.scope AND model = old.model;
          DELETE FROM totals WHERE scope = old.scope AND model = old.model AND entries = 0;
          INSERT INTO totals VALUES (new.scope, new.model, 1, new.size)
            ON CONFLICT (scope, model) DO UPDATE SET entries = entries + 1, bytes = bytes + excluded.bytes;
        END;

        CREATE TRIGGER tags_inserted AFTER INSERT ON completions WHEN new.tags IS NOT NULL BEGIN
          INSERT INTO completion_tags SELECT DISTINCT value, new.id FROM json_each(new.tags);
        END;
        CREATE TRIGGER tags_deleted AFTER DELETE ON completions WHEN old.tags IS NOT NULL BEGIN
          DELETE FROM completion_tags WHERE id = old.id AND tag IN (SELECT value FROM json_each(old.tags));
        END;
        CREATE TRIGGER tags_updated AFTER UPDATE ON completions WHEN old.tags IS NOT new.tags BEGIN
          DELETE FROM completion_tags WHERE id = old.id AND tag IN (SELECT value FROM json_each(old.tags));
          INSERT INTO completion_tags SELECT DISTINCT value, new.id FROM json_each(new.tags);
        END;
        """;

    public static readonly IReadOnlyList<string> Steps = [Version1];
}
