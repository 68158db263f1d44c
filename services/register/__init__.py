"""What an administrator does with the register: files handed in and brought in, its terms, and people to be reached."""
