"""Legal forms, and what else stands beside a name without being part of it.

Written as `normalise_name` sees them: lower case, without accents and dots, in
simplified signs. Not of one country alone: customers come from everywhere.
"""

import re

_WORDS = """
    ab ad ag ao aps as asa asbl association berhad bhd bt bv bvba cc cia cjsc co
    coltd compagnie compania company coop corp corporation cv dd doo eeig ehf
    eireli ek eood est eurl ev fzco fze fzllc gbr gesmbh gie gk gmbh groep group
    groupe grupo gruppe gruppo hf holding holdings inc incorporated ivs jsc kb
    kda kft kg kgaa kk kommanditgesellschaft lc lda limited limitada llc llp lp
    ltd ltda mbh nv nyrt oao ohg ojsc ood ooo ou oy oyj pao pjsc plc pt pte pty
    pvt private rt sa sab sac sagl sal saoc saog sarl sarlu sas sasu sca sci
    scop scrl scs sdn se sia sicav sl slne slu snc societe spa spol sprl spzoo
    srl srls sro sti stiftung tbk tov uab ug unlimited vof vzw wll xk zao zrt zt
    ао ооо оао зао пао тов чп ип еоод оод and und et the
"""
LEGAL_WORDS = frozenset(_WORDS.split())

# Forms of several words, or with parts that are words of their own.
LEGAL_PHRASES = re.compile(
    r"\b(?:sp z o ?o|s ?a ?b? de c ?v|s de r ?l de c ?v|s ?a ?p ?i de c ?v|spol s r ?o"
    r"|s ?a rl|gesellschaft mit beschrankter haftung|besloten vennootschap"
    r"|naamloze vennootschap|societe anonyme|societe a responsabilite limitee)\b"
)

# In scripts that are written without spaces: within the text. A branch (分公司) or a
# subsidiary (子公司) is somebody else.
LEGAL_CJK = re.compile(
    "股份有限公司|有限责任公司|股份公司|有限公司|总公司|控股集团|集团|控股"
    "|(?<!分)(?<!子)公司"
    "|株式会社|有限会社|合同会社|合资会社|合名会社|주식회사|유한회사|유한책임회사"
)
