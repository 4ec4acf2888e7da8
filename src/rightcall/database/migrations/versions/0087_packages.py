from rightcall.database.migrate import run_sql_beside

revision = "0087"
down_revision = "0086"


def upgrade() -> None:
    run_sql_beside(__file__)
