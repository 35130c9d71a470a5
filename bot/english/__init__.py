"""English words and patterns in TOML files that can be extended without programming.

A comment above each list says how it is used and what adding a word does. The program reads all files
once, when it starts.

- `calendar.toml`: months and weekdays. Used by the date grammar and wherever dates are shown.
- `numbers.toml`: number words, magnitudes and currencies. Used for terms, answers and judging.
- `sentences.toml`: abbreviations and words that begin sentences. Used to find sentences.
- `speech_verbs.toml`: verbs such as "said". Used for sentences, questions and answers.
- `nouns.toml`: nouns for persons and organisations. Used for questions and answers.
- `questions.toml`: how questions are worded. Used to find out what a question asks for.
- `answers.toml`: signs of answers. Used to find out whether a sentence may be an answer.
- `references.toml`: how a sentence refers to an earlier one. Used to keep the two together.

Words that are too common to search for are an operator's choice: `config/stop_words.txt`.
"""
