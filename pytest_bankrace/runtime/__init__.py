"""Who runs now?"""
