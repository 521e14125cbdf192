"""What people who mean harm would try, over all rooms; test_rows.py names where each is tried."""
