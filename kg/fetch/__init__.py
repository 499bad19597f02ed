"""The only part of the program that asks the network: registries, literature and ontologies -> files on disk.

What is fetched is written as it was sent, with a receipt beside it; reading it is the business of the
readers. Nothing else imports this package but its commands.
"""
