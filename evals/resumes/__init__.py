"""Resumes of people who do not exist, and what a careful reader finds in them."""
