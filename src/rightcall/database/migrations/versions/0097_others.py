from rightcall.database.migrate import run_sql_beside

revision = "0097"
down_revision = "0096"


def upgrade() -> None:
    run_sql_beside(__file__)
