from rightcall.database.migrate import run_sql_beside

revision = "0098"
down_revision = "0097"


def upgrade() -> None:
    run_sql_beside(__file__)
