"""How deliveries come in where nobody drops them: polls over HTTPS, each kept, each on record, none trusted."""
