from rightcall.database.migrate import run_sql_beside

revision = "0149"
down_revision = "0148"


def upgrade() -> None:
    run_sql_beside(__file__)
