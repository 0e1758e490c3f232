"""Which schedule comes next?"""
