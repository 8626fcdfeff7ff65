namespace OrleansCache.Core.Storage.Postgres;

/// <summary>The schema, as steps from one version to the next. A step that was released is never changed.</summary>
internal static class PostgresSchema
{
    /// <summary>
    /// Version 1. Collation "C": scopes compare byte by byte, so that a tenant is a range. Totals are rows of differences that are
    /// only ever added, summed on read and folded together by the sweeper: no row that every writer wants, and no deadlock.
    /// </summary>
    private const string Version1 = """
        CREATE TABLE completions (
          key               bytea PRIMARY KEY,
          scope             text COLLATE "C" NOT NULL,
          model             text COLLATE "C" NOT NULL,
          endpoint          smallint NOT NULL,
          created_at        bigint NOT NULL,
          fresh_until       bigint NOT NULL,
          keep_until        bigint NOT NULL,
          prompt_tokens     integer NOT NULL,
          completion_tokens integer NOT NULL,
          upstream_ms       integer NOT NULL,
          size              bigint NOT NULL,
          tags              text[] NOT NULL,
          body              bytea NOT NULL,
          request           bytea NOT NULL
        );
        CREATE INDEX completions_recent ON completions (scope, endpoint, created_at);
        CREATE INDEX completions_model ON completions (model);
        CREATE INDEX completions_keep_until ON completions (keep_until);
        CREATE INDEX completions_tags ON completions USING gin (tags) WHERE tags <> '{}';

        CREATE TABLE completion_totals (
          scope   text COLLATE "C" NOT NULL,
          model   text COLLATE "C" NOT NULL,
          entries bigint NOT NULL,
          bytes   bigint NOT NULL
        );

        CREATE FUNCTION completions_count() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'UPDATE' AND OLD.scope = NEW.scope AND OLD.model = NEW.model THEN
            IF OLD.size <> NEW.size THEN
              INSERT INTO completion_totals VALUES (NEW.scope, NEW.model, 0, NEW.size - OLD.size);
            END IF;
            RETURN NULL;
          END IF;
          IF TG_OP <> 'INSERT' THEN
            INSERT INTO completion_totals VALUES (OLD.scope, OLD.model, -1, -OLD.size);
          END IF;
          IF TG_OP <> 'DELETE' THEN
            INSERT INTO completion_totals VALUES (NEW.scope, NEW.model, 1, NEW.size);
          END IF;
          RETURN NULL;
        END $$;
        CREATE TRIGGER completions_count AFTER INSERT OR UPDATE OF scope, model, size OR DELETE ON completions
          FOR EACH ROW EXECUTE FUNCTION completions_count();
        """;

    public static readonly IReadOnlyList<string> Steps = [Version1];
}
