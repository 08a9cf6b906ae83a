"""Where is a complex going, can it be turned, when, and with how many vacancies?"""
