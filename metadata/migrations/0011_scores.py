from django.db import migrations

# What metadata.review.scoring keeps, of what was matched and offered before.
SCORES = """
    UPDATE library_series s SET match_score = found.score
    FROM (
        SELECT b.series_id, coalesce(m.score, b.score) AS score
        FROM (
            SELECT series_id, max(score) AS score FROM metadata_candidate
            WHERE rejected_at IS NULL GROUP BY series_id
            UNION ALL
            SELECT series_id, score FROM metadata_match
        ) b LEFT JOIN metadata_match m ON m.series_id = b.series_id
    ) found
    WHERE found.series_id = s.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0024_desk"),
        ("metadata", "0010_who_watches"),
    ]

    operations = [migrations.RunSQL(SCORES, migrations.RunSQL.noop)]
