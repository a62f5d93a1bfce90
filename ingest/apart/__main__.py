"""The child process of ingest.apart."""

from ingest.apart.child import main

if __name__ == "__main__":
    main()
