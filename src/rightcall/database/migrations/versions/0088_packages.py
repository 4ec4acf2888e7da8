from rightcall.database.migrate import run_sql_beside

revision = "0088"
down_revision = "0087"


def upgrade() -> None:
    run_sql_beside(__file__)
