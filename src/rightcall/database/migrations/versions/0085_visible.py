from rightcall.database.migrate import run_sql_beside

revision = "0085"
down_revision = "0084"


def upgrade() -> None:
    run_sql_beside(__file__)
