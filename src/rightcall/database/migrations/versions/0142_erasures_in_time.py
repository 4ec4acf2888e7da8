from rightcall.database.migrate import run_sql_beside

revision = "0142"
down_revision = "0141"


def upgrade() -> None:
    run_sql_beside(__file__)
