-- Who wrote and who signed a review is asked before somebody answers a concern about its purpose.
CREATE INDEX statements_of_reviews ON statements (controller) WHERE kind IN ('reviews.drafted', 'reviews.signed');
