-- Who asks again is answered in the language in which they ask now.
GRANT UPDATE (language) ON requests TO rightcall_app;
