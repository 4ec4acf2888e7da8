-- To whom who works here the receipt of a choice, or the link to it, was handed to be sent on: its person sees it.
CREATE TABLE receipts_handed_out (
    controller uuid NOT NULL,
    handing    uuid NOT NULL,
    choice     uuid NOT NULL,
    what       text NOT NULL CHECK (what IN ('receipt', 'link')),
    role       text NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (controller, handing),
    FOREIGN KEY (controller, choice) REFERENCES choices (controller, choice)
);
CREATE INDEX receipts_handed_out_of_choice ON receipts_handed_out (controller, choice);
SELECT isolate('receipts_handed_out', 'SELECT, INSERT');
