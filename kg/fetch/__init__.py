"""The only part of the program that asks the network: registries, literature and ontologies -> files on disk.

What is fetched is written as it was sent, with a receipt beside it; reading it is the business of `kg.registries`,
`kg.literature` and `kg.ontology`. Nothing else imports this package but its commands.
"""
