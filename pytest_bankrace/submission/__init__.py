"""How does a student's file become a fresh, instrumented module for every execution?"""
