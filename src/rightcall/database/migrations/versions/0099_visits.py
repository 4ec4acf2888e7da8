from rightcall.database.migrate import run_sql_beside

revision = "0099"
down_revision = "0098"


def upgrade() -> None:
    run_sql_beside(__file__)
