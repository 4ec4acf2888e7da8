-- How far the weighing of a breach is: so many parts of all people on the data map were looked through. The row goes when it is over.
CREATE TABLE breach_progress (
    controller uuid NOT NULL,
    breach     uuid NOT NULL,
    done       integer NOT NULL CHECK (done >= 0),
    of         integer NOT NULL CHECK (of >= done),
    PRIMARY KEY (controller, breach),
    FOREIGN KEY (controller, breach) REFERENCES breaches (controller, breach)
);
SELECT isolate('breach_progress', 'SELECT, INSERT, UPDATE, DELETE');
