-- In which language a controller writes its register, its reviews and its rules: pages in other languages mark those words (WCAG 2.2,
-- 3.1.2). Those of before were written as their controllers wrote them, and English where nobody says otherwise.
ALTER TABLE controllers ADD COLUMN language text NOT NULL DEFAULT 'en' CHECK (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$');
