"""Names of many origins to train on: Faker's, romanised where they are written otherwise, and some that it lacks."""

from __future__ import annotations

import importlib
import pkgutil
import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

_CYRILLIC = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщъыьэюяёђѓѕјљњћќџ",
        "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch  y  e iu ia e dj g dz j lj nj c k dz".split(
            " "
        ),
        strict=True,
    )
)
_GREEK = dict(
    zip("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐ", "a v g d e z i th i k l m n x o p r s s t y f ch ps o a e i i o y o i y i".split(), strict=True)
)  # fmt: skip
_GEORGIAN = dict(
    zip("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ", "a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h".split(), strict=True)
)  # fmt: skip
_ARMENIAN = dict(
    zip("աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև", "a b g d e z e y t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts v p k o f ev".split(), strict=True)
)  # fmt: skip
_LETTERS = _CYRILLIC | _GREEK | _GEORGIAN | _ARMENIAN

# Romanised names of peoples whose names Faker has in their own script only, or hardly at all.
_MORE_GIVEN = """
Ahmed Ahmad Mohammed Muhammad Mohamed Mahmoud Mustafa Hassan Hussein Hossein Ali Omar Umar Othman Khalid Khaled Youssef
Yousef Yusuf Ibrahim Ismail Karim Kareem Tariq Tarek Rashid Rasheed Saeed Said Salim Saleem Samir Sami Nasser Nabil
Walid Waleed Ziad Bilal Hamza Anas Faisal Fahad Majid Marwan Rami Hani Adel Amr Bassam Fadi Ghassan Hatim Imad Jamal
Kamal Luay Munir Nader Osama Qasim Raed Suleiman Taha Usama Wael Yasin Zaid Abdullah Abdulrahman Abdelaziz Fatima
Fatma Aisha Ayesha Khadija Maryam Mariam Zainab Zaynab Amina Layla Leila Laila Noor Nour Huda Hala Hanan Hind Iman
Jamila Karima Lamia Lina Lubna Maha Manal Mona Muna Nadia Nada Najwa Rania Reem Rima Ruba Salma Samira Sana Sara Suha
Wafa Yasmin Yasmine Zahra Dina Dalia Ghada Farah Reza Mehdi Amir Arash Babak Behrouz Dariush Farhad Hamid Javad Kaveh
Kamran Masoud Mehran Nima Omid Parviz Ramin Saman Shahram Siavash Soroush Vahid Shirin Parisa Nasrin Mahsa Mina Neda
Niloufar Azadeh Bahar Elham Fereshteh Golnaz Laleh Mitra Roya Sepideh Shadi Taraneh Setareh Avi Moshe Yitzhak Yaakov
Shlomo Ehud Eitan Gilad Noam Oren Roni Shai Tal Tomer Uri Yael Yoav Zeev Tamar Shira Rivka Noa Michal Maya Hila Dafna
Ayelet Adi Orly Rachel Batya Wei Jun Ming Jian Hao Lei Bo Bin Chao Feng Gang Hui Jie Jing Kai Lan Li Liang Lin Ling Mei
Min Na Ning Ping Qi Qiang Qing Rong Rui Shan Shu Tao Ting Wen Xia Xiang Xiao Xin Xue Yan Yang Yi Ying Yong Yu Yuan Yue
Yun Zhen Zhi Zhiyuan Xiaoming Xiaohong Jiahao Zihan Yichen Ruoxi Siyu Yuxuan Haoran Mengjie Lihua Guoqiang Xiuying
Jianguo Weimin Yating Meiling Chia-Hao Yi-Chen Hui-Ling Kwok-Wai Siu-Ming Ka-Yan Wing-Yan Chi-Wai Min-jun Seo-yeon
Ji-hoon Ji-min Hyun-woo Eun-ji Soo-jin Yoo-jin Seung-hyun Jae-won Min-seo Ha-eun Do-yun Joon-ho Young-hee Kyung-soo
Sang-woo Hye-won Mi-kyung Dong-hyun Tae-yang Minjun Seoyeon Jihoon Jimin Hyunwoo Eunji Soojin Haruto Yuto Sota Yuki
Hayato Haruki Ren Riku Kaito Kenta Daiki Takumi Shota Ryo Ryota Tsubasa Hiroshi Takashi Kenji Satoshi Makoto Akira
Naoki Daisuke Kazuya Koji Masato Noboru Osamu Shinji Tadashi Yuji Sakura Hina Yui Aoi Rin Mio Akari Misaki Nanami
Haruka Ayaka Yuka Emi Naoko Keiko Yoko Michiko Sachiko Tomoko Kumiko Chiyo Fumiko Hitomi Kaori Mayumi Midori Reiko
Setsuko Yumiko Somchai Somsak Prasert Wichai Anan Arthit Chaiwat Kittisak Nattapong Narong Pongsak Surasak Thanakorn
Malee Siriporn Nittaya Pornthip Ratana Sunisa Suda Wanida Kanya Apinya Busaba Chanida Nguyen Minh Anh Linh Huong Thao
Trang Hanh Hoa Lien Ngoc Nhung Phuong Quynh Thanh Thuy Tuan Hung Dung Khoa Long Nam Phuc Quang Son Thang Tien Trung
Tung Viet Duc Bao Khanh Sokha Dara Bopha Chanthou Rithy Sophea Vannak Kosal Aung Kyaw Thant Zaw Htun Khin Thida
Nilar Hnin Myat Moe Thiri Rajesh Suresh Ramesh Mahesh Ganesh Dinesh Mukesh Rakesh Sanjay Vijay Ajay Anil Sunil Amit
Sumit Rohit Mohit Rahul Ravi Raj Arjun Karthik Kartik Krishna Lakshmi Meena Geeta Sita Gita Priya Pooja Neha Nisha
Asha Usha Rekha Sunita Anita Kavita Savita Deepa Deepika Divya Shreya Swati Sneha Anjali Arundhati Bhavana Chitra
Gayatri Indira Jyoti Kamala Madhuri Nandini Padma Radha Revathi Sarita Shanti Sharmila Shobha Sushila Uma Vasudha
Vidya Yamini Aditya Akash Ankit Ashok Bharat Chetan Gaurav Gopal Harish Hemant Jatin Kiran Lalit Manish Manoj Naveen
Nikhil Nitin Pankaj Parth Prakash Pranav Prasad Rohan Sachin Sandeep Satish Shankar Siddharth Srinivas Tarun Umesh
Varun Vikas Vikram Vinod Vishal Vivek Yash Gurpreet Harpreet Manpreet Jaspreet Kuldeep Baljit Simran Jasleen Navjot
Nusrat Farzana Rumana Shirin Tahmina Nazma Mizan Habib Rafiq Shafiq Tanvir Kamrul Nimal Sunil Kumari Chaminda Ruwan
Sanduni Dilani Thilini Kasun Nuwan Tharindu Pradeep Bishnu Sushil Binod Sunita Gita Puja Prakriti Suman Sabina
Ngozi Chidi Chidinma Chioma Chika Chukwudi Emeka Ifeoma Ikechukwu Kelechi Nkechi Nnamdi Obinna Obioma Oluchi Uche
Uchenna Ugochi Adaobi Amaka Azubuike Ebere Ekene Nneka Onyeka Ade Adebayo Adebola Adeola Adewale Akin Ayo Ayodele
Babatunde Bisi Bola Bukola Dayo Dele Femi Folake Funmi Funke Ibukun Kayode Kehinde Kola Kunle Lola Niyi Ola Olu
Oluwaseun Olumide Omolara Rotimi Sade Segun Sola Taiwo Temitope Titilayo Tobi Tunde Wale Yemi Yetunde Abena Abla
Adjoa Afia Afua Akosua Akua Ama Araba Efua Ekow Esi Kofi Kojo Kwabena Kwadwo Kwaku Kwame Kwasi Kwesi Nana Yaa Yaw
Achieng Akinyi Atieno Awino Adhiambo Wanjiru Wambui Njeri Wangari Nyambura Muthoni Wairimu Kamau Mwangi Kipchoge
Kiprono Chebet Jepkosgei Otieno Ochieng Odhiambo Juma Baraka Neema Zawadi Rehema Salome Upendo Imani Amani Jabali
Tendai Tatenda Rudo Chipo Farai Kudzai Nyasha Ruvimbo Tafadzwa Tinashe Thabo Sipho Sizwe Bongani Themba Mandla
Nkosana Lindiwe Nomsa Nomvula Thandi Thandiwe Zanele Zodwa Busisiwe Ayanda Lerato Palesa Tshepo Kagiso Tebogo Dineo
Naledi Refilwe Katlego Mpho Bekele Abebe Tesfaye Haile Girma Tadesse Desta Selam Hiwot Tigist Meron Bethlehem
Almaz Genet Yohannes Dawit Mulugeta Amadou Aminata Awa Bakary Binta Boubacar Cheikh Fanta Fatou Fatoumata Ibrahima
Kadiatou Lamine Mamadou Mariama Moussa Ousmane Oumar Seydou Souleymane Yacouba Sekou Salif Modou Ndeye Astou
Hoani Wiremu Tane Rangi Aroha Ngaire Hemi Mere Kahurangi Manaia Anahera Tama Sione Sina Tavita Malia Leilani Keala
Kaimana Nalani Makana Kalani Mahina Losa Tevita Mele Ana Semisi Lupe Viliami Aiyana Dakota Nizhoni Tallulah Itzel
Xochitl Citlali Quetzal Yareli Inti Wayra Killa Illari Nayra Siobhan Siobhán Aoife Niamh Ciara Caoimhe Grainne Gráinne
Oisin Oisín Cillian Padraig Pádraig Eoin Ruairi Tadhg Fionn Fionnuala Deirdre Saoirse Roisin Róisín Sinead Sinéad
Aisling Maeve Orla Brigid Angharad Bethan Carys Cerys Dafydd Eirlys Gareth Geraint Gwen Gwyneth Huw Iolo Llinos
Megan Meirion Myfanwy Nerys Rhian Rhys Sioned Tegan Owain Iain Alasdair Callum Catriona Ewan Fergus Hamish Isla
Kirsty Lachlan Mairi Malcolm Morag Murdo Ailsa Eilidh Struan Innes Penelope Beatrix Ottilie Clementine Cordelia
Araminta Rupert Barnaby Crispin Jolyon Peregrine Tarquin Algernon Hortensia Philomena Ignatius Thaddeus Cornelius
Ezekiel Obadiah Jedediah Zebulon Josiah Elijah Micah Malachi Shaniqua Latoya LaKeisha Tyrone DeShawn Jamal Marquis
Darnell Keisha Aaliyah Imani Nevaeh Jayden Kayden Brayden Mckenzie Skylar Harper Quinn Rowan Avery Riley Sawyer Finley
Emerson Reese Blake Jordan Casey Dallas Dylan Phoenix River Sage Willow Hazel Ivy Violet Daisy Jasmine Ruby Pearl Amber
Joy Hope Faith Grace Charity Patience Prudence Mercy Comfort Precious Favour Godwin Goodluck Sunday Friday
Wednesday April May June August Autumn Summer Dawn Eve Rose Lily Iris Olive Basil Heather Holly Fern Rosemary Ginger
Mark Will Bill Rob Jack Frank Grant Chase Drew Pat Sue Carol Dean Earl Guy Hunter Mason Miles Norm Ray Rich Rod Skip
Victor Wade Art Bob Bud Buck Chip Chuck Cliff Colt Dale Dick Don Drake Duke Gene Gus Hank Herb Jay Jim Joe Ken Kit Lance
Max Mike Nick Pete Phil Reed Rex Sam Sid Stu Ted Tim Tom Vic Wes Zac Abby Aggie Angie Barb Bea Becky Bella Bess Beth
Betty Bev Bonnie Carrie Cass Cathy Cindy Connie Debbie Dee Dot Dottie Effie Ellie Elsie Emmy Fran Frankie Gabby Gail
Gert Ginny Gracie Hattie Hettie Izzy Jackie Jan Jen Jenny Jess Jo Josie Judy Kate Katie Kathy Kay Kim Kitty Lexi
Libby Lil Liz Lizzie Lottie Lou Lucy Mabel Maddie Maggie Mandy Marge Margie Mattie Meg Millie Mindy Minnie Molly Nan
Nell Nellie Nora Pam Patty Peg Peggy Penny Polly Poppy Rosie Roz Sadie Sally Sandy Shelly Sukie Susie Tess Tilly Tina
Toni Tracy Trish Val Vicky Viv Wendy Win Winnie Zoe
"""
_MORE_FAMILY = """
Al-Farsi Al-Hassan Al-Rashid Al-Masri Al-Khatib Al-Sayed Al-Mansouri Al-Najjar Al-Qasimi Al-Zahrani El-Sayed El-Masry
Abdullah Abdulrahman Abbas Ahmadi Akbari Amini Ansari Asadi Aziz Azizi Bahrami Barakat Bishara Chehab Darwish Ebrahimi
Fakhoury Farahani Ghanem Ghorbani Habibi Haddad Haidar Hakimi Hamdan Hariri Hashemi Hosseini Hussaini Jaafari Jafari
Kanaan Karimi Kassab Kassem Khalil Khan Khoury Mansour Mazaheri Mirza Mohammadi Moradi Mousavi Nasr Nasser Nazari
Qureshi Rahimi Rahman Rajabi Rezaei Saab Sabbagh Sadeghi Safavi Salem Samadi Shah Shahidi Shaheen Sharif Siddiqui
Soleimani Tabatabai Taheri Tehrani Yazdi Younis Zamani Abergel Azoulay Biton Cohen Levi Levy Mizrahi Peretz Friedman
Shapiro Goldberg Rosenberg Katz Ben-David Bar-Lev Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo
He Lin Gao Luo Zheng Liang Xie Tang Song Xu Han Deng Feng Cao Peng Zeng Xiao Tian Dong Pan Yuan Cai Jiang Yu Du Ye Cheng
Wei Su Lu Ding Ren Yao Shen Zhong Cui Tan Lee Wong Chan Cheung Lau Leung Ng Ho Lam Kwok Yip Tsang Tse Fung Chow Chiu
Hsu Tsai Hsieh Chang Kuo Lai Yeh Kim Park Choi Jeong Jung Kang Cho Yoon Jang Lim Han Oh Seo Shin Kwon Hwang Ahn Song
Hong Moon Bae Baek Nam Noh Ryu Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida
Yamada Sasaki Yamaguchi Matsumoto Inoue Kimura Hayashi Shimizu Saito Mori Abe Ikeda Hashimoto Ishikawa Ogawa Goto
Okada Hasegawa Fujita Murakami Kondo Ishii Sakamoto Endo Aoki Fujii Nishimura Fukuda Ota Miura Takeuchi Nakajima
Okamoto Matsuda Harada Nakagawa Kaneko Nguyen Tran Le Pham Hoang Phan Vu Vo Dang Bui Do Ho Ngo Duong Ly Srisai
Chaiyasit Wongsakul Suksawat Rattanakosin Thongchai Boonmee Saetang Charoen Kaewmanee Aung Htet Win Oo Sharma Verma
Gupta Singh Kumar Patel Shah Mehta Desai Joshi Trivedi Pandya Bhatt Rao Reddy Naidu Iyer Iyengar Nair Menon Pillai
Krishnan Subramanian Venkatesh Ramachandran Natarajan Sundaram Balasubramanian Chatterjee Mukherjee Banerjee Bose Sen
Das Dutta Ghosh Roy Chowdhury Bhattacharya Malhotra Kapoor Khanna Chopra Arora Ahuja Bajaj Bhatia Gill Sandhu Sidhu
Dhillon Grewal Kaur Mishra Tiwari Dubey Pandey Shukla Tripathi Srivastava Saxena Agarwal Bansal Goel Mittal Jain
Kulkarni Deshpande Patil Jadhav Gokhale Fernandes Dsouza D'Souza Pereira Perera Fernando Silva Jayawardena Wickramasinghe
Gunasekara Bandara Dissanayake Rajapaksa Shrestha Gurung Tamang Thapa Adhikari Karki Hossain Rahman Islam Chowdhury
Akter Begum Khatun Miah Adebayo Adeyemi Adekunle Adeleke Afolabi Akande Akinola Ajayi Alabi Ayodele Balogun Bello
Ogunleye Ogundipe Okafor Okeke Okonkwo Okoro Okoye Olawale Oni Onyango Oyedele Salami Sanusi Uzor Achebe Anyanwu Eze
Igwe Mbah Nnadi Nwachukwu Nwosu Obi Odili Ojukwu Uche Udeh Agyeman Ansah Appiah Asante Asare Boakye Boateng Darko
Frimpong Gyasi Mensah Nkrumah Oduro Ofori Opoku Osei Owusu Quaye Sarpong Yeboah Kamau Kariuki Kimani Kipkemboi
Kiplagat Koech Mutua Mwangi Ndung'u Njoroge Odhiambo Ochieng Omondi Oduya Otieno Waweru Chirwa Banda Phiri Mwale Zulu
Tembo Moyo Ncube Ndlovu Sibanda Dube Nkomo Chikwanha Mutasa Dlamini Khumalo Mkhize Mokoena Molefe Mthembu Naidoo Ngcobo
Nkosi Radebe Sithole Zuma Tshabalala van-Wyk Bekele Abebe Tesfaye Haile Gebremedhin Alemu Diallo Diop Fall Ndiaye Sow
Ba Sy Cisse Camara Conde Traore Keita Kone Coulibaly Toure Sissoko Ouedraogo Sawadogo Kabore Mbeki Mbappe Nkunku Kalala
Mukendi Ilunga Tshisekedi Parata Ngata Te-Kanawa Tamihana Faleolo Tuilagi Fonoti Leavasa Kealoha Kahale Kamaka Mahoe
Nakai Yazzie Begay Tsosie Quispe Mamani Condori Huaman Choque O'Brien O'Connor O'Neill O'Sullivan O'Malley O'Keeffe
McCarthy McDonald McKenzie McGregor McAllister MacLeod MacDonald Fitzgerald Fitzpatrick Pritchard Llewellyn Griffiths
Prydderch Vaughan Cadwallader Gwilliam Featherstone Cholmondeley Montague Ashworth Fairweather Goodfellow Merriweather
Thistlethwaite Ramsbottom Higginbottom Winterbottom Shufflebotham Entwistle Oglethorpe Postlethwaite Quillfeather
Birdsall Whitlock Penhaligon Trelawney Trevithick Blackwood Underhill Applegate Lovelace Nightingale Swift Hargreaves
"""
_PARTICLES = (
    *("van", "van der", "van den", "van de", "de", "de la", "del", "dos", "da", "do", "di", "della", "von", "von der"),
    *("le", "la", "el", "al", "bin", "ibn", "bint", "ben", "ter", "ten", "af", "zu", "du", "des", "Te", "Ní", "Mac"),
)


# Given names and short forms that no locale of Faker has: known to the lists, never drawn.
_RARE_GIVEN = """
Abiola Abosede Achieng Adaeze Adaobi Adebisi Adebola Adedayo Adeola Adesola Adetokunbo Adhiambo Afia Afua Akinyi Akosua
Akua Akwasi Alasdair Aled Alun Ambrosia Ameyaw Aneirin Anwen Aoibheann Aoibhinn Araminta Archibald Arianwen Asantewaa
Atieno Augustus Awhina Azubuike Barnaby Bartholomew Basil Baz Bedwyr Benedikta Berenice Bertie Bex Bheki Binyamin Blessing
Boaz Bongiwe Branwen Bronagh Bronwen Buchi Bukayo Cadfael Caelan Caerwyn Caitríona Calliope Caoimhe Caradoc Caradog Casimir
Caspian Cassius Ceinwen Ceridwen Cerys Chiamaka Chibueze Chidera Chidi Chidiebere Chijioke Chike Chimamanda Chinaza
Chinedu Chinonso Chinwe Chioma Chisom Chizoba Chukwudi Chukwuemeka Cian Ciarán Ciara Clodagh Clotilde Conall Cordelia
Cosima Cressida Crispin Cuthbert Cyprian Daz Dafydd Damilola Darragh Deborrah Deirdre Delyth Demelza Dermot Desdemona
Diarmuid Dilys Dolores Donnacha Dorcas Dympna Ebele Ebube Efua Eilidh Eilis Eimear Ekaterini Ekene Elowen Eluned Emrys
Enda Enitan Eoghan Eoin Ephraim Esi Esosa Etain Ezekiel Ezinne Ferdinand Fergal Ferghus Fflur Fiachra Fionnuala
Florentina Folasade Funmilayo Gaz Gearóid Gethin Gilda Gobnait Godfrey Gráinne Gruffydd Guinevere Gwenllian Gwilym Gwyneth
Gwynfor Hamish Hana Haunani Heledd Hemi Hereward Hermione Hinemoa Hiwot Hywel Ianto Idris Iestyn Ieuan Ifeanyi Ifeoma
Ifunanya Iggy Ignatius Ihaia Iolo Ione Iorwerth Iphigenia Isambard Isolde Itziar Iwalani Jago Jemima Jerzy Jimbo Jocasta
Josephus Kahurangi Kaleo Kalea Kamau Kayode Kaz Keahi Kehinde Kekoa Keoni Kerensa Kgosi Khanyi Kimball Kipchoge Kofi Kojo
Koldo Kwabena Kwaku Kwame Kwasi Kweku Lavinia Leander Lech Leofric Leontyne Leopold Lerato Leszek Lettice Llewellyn Lleucu
Llŷr Loz Lucasta Ludovic Lysander Mabli Macsen Mahina Máiréad Makana Makoa Malachy Mandla Marama Maeve Mbali Mehetabel Meinir
Melisande Menna Mererid Meurig Mfanafuthi Mireille Modupe Montague Morwenna Muireann Mungo Myfanwy Naledi Nalani Nana
Ndidi Nell Nerys Ngaire Ngozi Nia Niamh Nkechi Nkem Nkiruka Nomsa Nomvula Nonso Ntombi Nwando Nyokabi Nyambura Obiageli
Obinna Obioma Octavian Odhran Ofentse Okechukwu Oisín Olamide Olufemi Olufunke Olumide Oluseun Olusegun Oluwafemi Oluwakemi
Oluwaseun Oluwaseyi Oluwatobi Oluwatoyin Onyeka Onyekachi Ophelia Orfhlaith Orlaith Orlagh Osagie Osaze Osagiede Osarugue
Oswin Ottilie Ottoline Ozioma Padraig Parthenope Pádraig Perpetua Peregrine Persephone Petronella Philomena Phoebe Plácido
Pomare Quentin Rangi Rafferty Rhiannon Rhodri Rhonwen Rhydian Rhys Róisín Rónán Rowena Ruairí Ruaridh Sabelo Sabitha Samwel
Sebenzile Senan Seren Shaz Sibusiso Sibyl Sinéad Sioned Siôn Siwan Sizwe Somtochukwu Sorcha Sunniva Taliesin Tamsin Tane
Tarquin Tegwen Tendai Terrence Thabiso Thandeka Thandiwe Thelonious Themba Theodosia Tiernan Tinashe Tiwa Tobi Tomos
Torquil Tremaine Tryphena Tudur Ugochi Uchenna Ugochukwu Ultan Ursula Uzoma Vusi Wangari Wanjiru Wairimu Wambui Wanjiku
Wilhelmina Winifred Wiremu Xanthe Xochitl Yaw Yetunde Yewande Ysolde Zandile Zanele Zebedee Zelda Zephyrine Zodwa
Zubair Zuzana
"""


@dataclass(frozen=True, slots=True)
class Pool:
    """The names of one origin."""

    given: tuple[str, ...]
    family: tuple[str, ...]


@cache
def pools() -> tuple[Pool, ...]:
    """A pool for every locale of Faker that has names which can be written in Latin letters, and one of our own."""
    import faker.providers.person as person

    found = [Pool(tuple(sorted(set(_MORE_GIVEN.split()))), tuple(sorted(set(_MORE_FAMILY.split()))))] * 6
    for module in sorted(module.name for module in pkgutil.iter_modules(person.__path__) if module.ispkg):
        provider = importlib.import_module(f"faker.providers.person.{module}").Provider
        pool = Pool(_names(provider, "first"), _names(provider, "last"))
        if len(pool.given) > 10 and len(pool.family) > 10:
            found.append(pool)
    return tuple(found)


def _names(provider: type, which: str) -> tuple[str, ...]:
    said: set[str] = set()
    for attribute in dir(provider):
        if attribute.startswith(which) and attribute.endswith(
            ("names", "female", "male", "unisex", "islamic", "hinduism", "common")
        ):
            values = getattr(provider, attribute)
            if isinstance(values, (list, tuple, dict)):
                said |= {value for value in values if isinstance(value, str)}
    names = {romanised(name.strip()) for name in said}
    return tuple(sorted(name for name in names if name and 2 <= len(name) <= 24))


def romanised(name: str) -> str:
    """A name in Latin letters; "" where we have no table for its script.

    >>> romanised("Ольга"), romanised("Νίκος"), romanised("Łukasz"), romanised("김")
    ('Olha', 'Nikos', 'Łukasz', 'Gim')
    """
    name = name.title() if name.isupper() and len(name) > 3 else name
    made = "".join(_romanised(letter) for letter in name)
    if not all(letter.isalpha() or letter in " -'’." for letter in made):
        return ""
    if any(ord(letter) > 0x24F and not 0x1E00 <= ord(letter) < 0x1F00 and letter != "’" for letter in made):
        return ""
    return made[:1].upper() + made[1:] if made != name else made


def _romanised(letter: str) -> str:
    if "가" <= letter <= "힣":
        return _syllable(ord(letter) - ord("가"))
    made = _LETTERS.get(letter.lower())
    if made is None:
        return letter
    return made.capitalize() if letter.isupper() else made


_INITIALS = "g kk n d tt r m b pp s ss  j jj ch k t p h".split(" ")
_MEDIALS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split(" ")
_FINALS = " k k k n n n t l k m p l l p l m p p t t ng t t k t p t".split(" ")


def _syllable(number: int) -> str:
    """A Hangul syllable by its number, as the Revised Romanisation has it (without what follows changing it)."""
    return _INITIALS[number // 588] + _MEDIALS[number % 588 // 28] + _FINALS[number % 28]


class Namer:
    """Draws names; the parts of a person's name mostly have one origin, as they mostly do."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def given(self) -> str:
        """A given name."""
        return self._rng.choice(self._pool().given)

    def family(self) -> str:
        """A family name, now and then double or with a particle."""
        return self._family(self._pool())

    def full(self) -> str:
        """Given and family name, in one of the many ways to write the two."""
        rng, pool = self._rng, self._pool()
        given = rng.choice(pool.given)
        family = self._family(pool if rng.random() < 0.85 else self._pool())
        form = rng.random()
        if form < 0.72:
            return f"{given} {family}"
        if form < 0.78:
            return f"{given} {rng.choice(pool.given)} {family}"
        if form < 0.82:
            return f"{given} {family[0].upper()}. {rng.choice(pool.family)}"
        if form < 0.85:
            return f"{given[0]}. {family}"
        if form < 0.87:
            return f"{given[0]}.{rng.choice(pool.given)[0]}. {family}"
        if form < 0.88:
            return f"{given[0]}. {rng.choice(pool.given)[0]}. {family}"
        if form < 0.91:
            return f"{given}-{rng.choice(pool.given)} {family}"
        if form < 0.94:
            return f"{family} {given}"
        if form < 0.96:
            return f"{given} {family[0].upper()}."
        if form < 0.98:
            return f"{given} {family} {rng.choice(pool.family)}"
        return f"{given} {family} {rng.choice(('Jr', 'Jr.', 'III', 'Sr.'))}"

    def _pool(self) -> Pool:
        return self._rng.choice(pools())

    def _family(self, pool: Pool) -> str:
        family, chance = self._rng.choice(pool.family), self._rng.random()
        if chance < 0.05:
            return f"{family}-{self._rng.choice(pool.family)}"
        if chance < 0.09:
            return f"{self._rng.choice(_PARTICLES)} {family}"
        return family


def everybody(which: Iterable[str] = ("given", "family")) -> tuple[frozenset[str], ...]:
    """All given names and all family names that are known, word by word and in lower case."""
    rare = {"given": tuple(_RARE_GIVEN.split())}
    return tuple(
        frozenset(
            word.lower()
            for names in (*(getattr(pool, part) for pool in pools()), rare.get(part, ()))
            for name in names
            for word in name.split()
            if len(word) > 1
        )
        for part in which
    )
